// Asks the browser to keep the emergency card before anybody needs it.

navigator.serviceWorker?.register("/emergency/kept.js", { scope: "/emergency" }).catch(() => {});
