// The camera as a scanner. Frames stay on the phone. One code is opened, two are asked about; where the camera is refused or
// missing, a sentence says what to do, and typing always works.

const READER = "/static/vendor/zxing/reader/index.js", WASM = "/static/vendor/zxing/zxing_reader.wasm";
const EVERY_MS = 120;
let stream = null, timer = 0;

async function decoder() {
  if (window.BarcodeDetector && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const found = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await found.detect(video)).map((code) => code.rawValue);
  }
  const { prepareZXingModule, readBarcodes } = await import(READER);
  prepareZXingModule({ overrides: { locateFile: () => WASM } });
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    canvas.width = video.videoWidth; canvas.height = video.videoHeight;
    pen.drawImage(video, 0, 0);
    const codes = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 4 });
    return codes.map((code) => code.text);
  };
}

export function stopScan() {
  clearTimeout(timer);
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
}

// Tells `found` with one code or with several; `failed` with the name of what is missing.
export async function startScan(video, { found, failed }) {
  stopScan();
  if (!navigator.mediaDevices?.getUserMedia) { failed("camera_none"); return; }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    const mine = stream, read = await decoder();
    video.srcObject = stream;
    await video.play();
    const look = async () => {
      if (stream !== mine || !video.isConnected) { stopScan(); return; }
      const codes = video.videoWidth ? [...new Set(await read(video))].filter(Boolean) : [];
      if (codes.length) { stopScan(); found(codes); return; }
      timer = setTimeout(look, EVERY_MS);
    };
    look();
  } catch (problem) {
    stopScan();
    failed(problem.name === "NotAllowedError" ? "camera_refused" : "camera_none");
  }
}
