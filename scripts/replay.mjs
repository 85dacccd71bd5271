// `npm run simulate`: a trace of requests replayed through the eviction policies, with a clock of its own.
import { build } from './build.mjs';

build(['bench']);
await import('../dist/bench/simulate.js');
