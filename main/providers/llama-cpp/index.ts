export { LLAMA_CPP } from './catalog.ts';
export type { VramDevice } from './footprint.ts';
export { createLlamaCppProvider } from './provider.ts';
export type { LlamaCppOptions, LlamaCppProvider } from './provider.ts';
export { createSampleMaker } from './samples.ts';
export type { SampleMaker, SampleProgress, SamplesOutcome } from './samples.ts';
export { samplesDirectory } from './samples-directory.ts';
export type { ChildExit, ChildHandle, ForkChild } from './spawn-child.ts';
