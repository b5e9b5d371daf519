// The slider: letting go of it asks for that entry's board. Without this script the button beside it does.
const slider = document.querySelector("#slider input[type=range]");
slider.addEventListener("change", () => slider.form.submit());
