// The Electron entry: wiring only. Written by main/desktop/start.ts.
export {};
