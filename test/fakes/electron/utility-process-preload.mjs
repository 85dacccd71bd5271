// What Electron has ready in a utility process before its script runs, made from Node's own channel to the parent.
import childProcess, { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';

const send = process.send?.bind(process);
const port = new EventEmitter();
const waiting = [];
let started = false;
const deliver = (data) => port.emit('message', { data, ports: [] });

// As a MessagePort does: what comes before somebody listens is kept.
port.on('newListener', (name) => {
  if (name !== 'message' || started) return;
  started = true;
  queueMicrotask(() => waiting.splice(0).forEach(deliver));
});
port.postMessage = (message) => void send?.({ value: message });

process.on('message', ({ value }) => {
  if (started) deliver(value);
  else waiting.push(value);
});
// Electron ends its utility processes together with its main process.
process.on('disconnect', () => process.exit(0));
delete process.send;
Object.defineProperty(process, 'parentPort', { value: port });
Object.defineProperty(process, 'type', { value: 'utility' });

// With the fuse `runAsNode` off, `fork` starts the app once more, which ends at once because one is running.
childProcess.fork = (modulePath) => {
  send?.({ forked: String(modulePath) });
  return spawn(process.execPath, ['--eval', '0'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
};
syncBuiltinESMExports();
// What this file was loaded by is nothing of the app's.
process.execArgv.splice(process.execArgv.indexOf('--import'), 2);
