// A phone asleep for an hour while its hub goes away: what it shows, said by the module that listens to the hub.
// Its steady clock stands still in sleep; what lay on the wire before may come first after waking, or nothing comes.

const clocks = { steady: 1000, wall: 1e12 };
Object.defineProperty(globalThis, "performance", { value: { now: () => clocks.steady }, configurable: true });
Date.now = () => clocks.wall;

const timers = [], handlers = {};
globalThis.setInterval = (act) => { timers.push(act); return timers.length; };
globalThis.document = { addEventListener: (name, act) => { handlers[name] = act; } };
let stream;
globalThis.EventSource = class {
  static CLOSED = 2;
  constructor() { stream = this; this.readyState = 1; this.heard = {}; }
  addEventListener(name, act) { this.heard[name] = act; }
  close() { this.readyState = 2; }
};

const { listen } = await import(process.argv[2]);
const said = [];
listen({ heard: () => said.push("heard"), silent: () => said.push("silent"), who: () => "" });
stream.heard.beat({ data: "{}" });
clocks.wall += 3_600_000;
clocks.steady += 300;
if (process.argv[3] === "a beat lay on the wire") stream.heard.beat({ data: "{}" });
else { handlers.visibilitychange(); timers.forEach((act) => act()); }
console.log(JSON.stringify(said));
