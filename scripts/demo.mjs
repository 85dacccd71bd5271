// `npm run demo`: the story of Airdock in a terminal, on real models.
import { build } from './build.mjs';

build(['main']);
await import('../dist/main/demo.js');
