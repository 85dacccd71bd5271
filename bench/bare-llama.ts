import type { LlamaModel } from 'node-llama-cpp';

/** What the bare process is told to load: the placement that Airdock chooses, passed as explicitly. */
export interface BareOrder {
  file: string;
  contextLength: number;
  gpuLayers: number;
  useMmap: boolean;
  threads: number;
}

/** Entry of the process that Airdock's load is compared with: node-llama-cpp as a careful program would call it, and nothing else. */
if (process.send) {
  const library = import('node-llama-cpp');
  process.once('message', (order) => {
    load(order as BareOrder).then(
      () => process.send?.('ready'),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });

  async function load({ file, contextLength, gpuLayers, useMmap, threads }: BareOrder): Promise<LlamaModel> {
    const { getLlama, LlamaLogLevel } = await library;
    const llama = await getLlama({
      gpu: gpuLayers > 0 ? 'auto' : false,
      build: 'never',
      skipDownload: true,
      ramPadding: 0,
      vramPadding: 0,
      maxThreads: threads,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
    });
    const model = await llama.loadModel({ modelPath: file, gpuLayers, useMmap, ignoreMemorySafetyChecks: true });
    const context = await model.createContext({ contextSize: contextLength, threads, sequences: 1, ignoreMemorySafetyChecks: true });
    // One token: a model that is merely mapped has not been loaded yet.
    const bos = model.tokens.bos;
    const input = [...(bos === null ? [] : [bos]), ...model.tokenize('Hello')];
    for await (const _token of context.getSequence().evaluate(input, { temperature: 0 })) break;
    return model;
  }
}
