export { createLlamaCppProvider } from './provider.ts';
export { ownModelsDirectory } from './own-directory.ts';
export { createSampleMaker } from './samples.ts';
export type { SampleMaker } from './samples.ts';
export { samplesDirectory } from './samples-directory.ts';
