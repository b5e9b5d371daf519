// Signed acts that wait for the hub, and the keys of this phone: what must outlive a reload. One database, three stores.

let opened;

function database() {
  opened ??= new Promise((found, lost) => {
    const asked = indexedDB.open("the-book", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("waiting", { keyPath: "id" });
      asked.result.createObjectStore("keys", { keyPath: "name" });
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => found(asked.result);
    asked.onerror = () => lost(asked.error);
  });
  return opened;
}

async function run(store, mode, act) {
  const base = await database();
  return new Promise((done, lost) => {
    const change = base.transaction(store, mode), asked = act(change.objectStore(store));
    change.oncomplete = () => done(asked?.result);
    change.onerror = change.onabort = () => lost(change.error);
  });
}

// An act is kept before it is sent, under its own id: a double tap keeps it once.
export const keep = (act) => run("waiting", "readwrite", (store) => store.put(act));
export const drop = (id) => run("waiting", "readwrite", (store) => store.delete(id));
export const waiting = async () => (await run("waiting", "readonly", (store) => store.getAll())).sort((one, two) => one.number - two.number);
export const putKey = (key) => run("keys", "readwrite", (store) => store.put(key));
export const keys = () => run("keys", "readonly", (store) => store.getAll());
export const remember = (name, value) => run("kept", "readwrite", (store) => store.put(value, name));
export const recall = (name) => run("kept", "readonly", (store) => store.get(name));
// What proves this phone's acts to outsiders (receipts.js), the newest first.
export const receipts = async () => (await run("kept", "readonly", (store) => store.getAll(IDBKeyRange.bound("receipt ", "receipt ~")))).map((file) => ({ file, entry: Number(/^index (\d+)$/m.exec(file)[1]) })).sort((one, two) => two.entry - one.entry);

// Only one window delivers at a time; the others see what is left.
export const alone = (work) => (navigator.locks ? navigator.locks.request("deliver", work) : work());
