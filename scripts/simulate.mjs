// `npm run simulate:core`: the core against simulated providers, for as many events as wanted.
import { build } from './build.mjs';

build(['bench']);
await import('../dist/bench/simulate-core.js');
