// `npm run bench`: every figure beside its target, measured in this run.
import { build } from './build.mjs';

build(['renderer', 'main', 'bench']);
await import('../dist/bench/bench.js');
