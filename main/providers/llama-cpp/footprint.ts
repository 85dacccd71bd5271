import type { Footprint } from '../../../contract/index.ts';
import type { GgufInfo } from './gguf/read.ts';

const MIB = 1024 * 1024;

/**
 * A child process with node-llama-cpp loaded and no model: 38 MiB anonymous and 49 MiB of the Node binary and
 * libraries (measured: Node 20, node-llama-cpp 3.21.1, Linux x64).
 */
export const CHILD_BYTES = 87 * MIB;
/** Growth of the child's JavaScript heap by a load and its first tokens (measured 8 to 11 MiB on the samples). */
const HEAP_BYTES = 10 * MIB;
/** Tokens that are evaluated at a time. */
const BATCH = 512;
/** The same for models that look at all of a text at once (encoders), which cannot be given it in parts. */
const ENCODER_BATCH = 2048;
const F16 = 2;
const F32 = 4;

/** The GPU that a load may use. Bytes. */
export interface VramDevice {
  id: string;
  free: number;
  /** It shares the computer's RAM: what goes there is counted as RAM. */
  unified: boolean;
}

/** Where the parts of a model go. */
export interface Placement {
  /** Layers on the GPU, of `layers` + 1 (the output counts as one). */
  gpuLayers: number;
  /** Map the file instead of reading it. */
  useMmap: boolean;
}

/** Context in tokens that a load asks for: never more than the model was trained for. */
export function effectiveContext(wanted: number, trained: number | null): number {
  return Math.min(wanted, trained ?? wanted);
}

/** Tokens that a load evaluates at a time. */
export function batchTokens(gguf: GgufInfo, contextLength: number): number {
  return Math.min(gguf.causal ? BATCH : ENCODER_BATCH, contextLength);
}

/** Tokens that are really allotted: node-llama-cpp rounds up in steps of 256. */
function allotted(contextLength: number): number {
  return Math.ceil(contextLength / 256) * 256;
}

/** Bytes of context memory (F16 keys and values of one sequence). Too high for sliding windows and hybrid layers, never too low. */
export function contextBytes(gguf: GgufInfo, contextLength: number): number {
  if (!gguf.causal || gguf.layers === null) return 0;
  const headLength = headLengthOf(gguf);
  const perHead = (gguf.keyLength ?? headLength) + (gguf.valueLength ?? headLength);
  const kvHeads = gguf.kvHeads ?? gguf.heads ?? 0;
  const headsOfAllLayers = Array.isArray(kvHeads) ? kvHeads.reduce((a, b) => a + b, 0) : kvHeads * gguf.layers;
  return headsOfAllLayers * perHead * allotted(contextLength) * F16;
}

/** Bytes of RAM that each token of context adds. */
export function bytesPerToken(gguf: GgufInfo): number {
  return contextBytes(gguf, 256) / 256 + BATCH * F16;
}

/**
 * Bytes of scratch memory for one batch: the widest of a layer's steps and of the output, and the attention mask.
 * Fitted to llama.cpp's own figures: 18.5 MiB told, 18.5 computed for sample-small; 31.9 told and 30.9 computed for a
 * model of sample-large's width; Llama 3 8B is told as 258.5 MiB and gives 262.5. Attention without flash attention takes more.
 */
export function scratchBytes(gguf: GgufInfo, contextLength: number): number {
  const batch = batchTokens(gguf, contextLength);
  const embedding = gguf.embeddingLength ?? 0;
  const layer = 3 * (gguf.feedForwardLength ?? 4 * embedding) + 4 * embedding;
  // An encoder chooses no next token.
  const output = gguf.causal ? (gguf.vocabularySize ?? 0) + embedding : 0;
  return batch * F32 * Math.max(layer, output) + allotted(contextLength) * batch * F16;
}

/**
 * What a model takes before it was ever measured. `weightBytes` covers all shards.
 * Against measurements with 4096 tokens of context on the CPU (footprint of the ready child, see `measure.ts`):
 * sample-small, -medium and -large are within 3 % (test/llama/footprint.test.ts keeps it so).
 */
export function estimateFootprint(gguf: GgufInfo, weightBytes: number, contextLength: number, placement: Placement, device: VramDevice | null): Footprint {
  const context = contextBytes(gguf, contextLength);
  const scratch = scratchBytes(gguf, contextLength);
  const fixed = CHILD_BYTES + HEAP_BYTES;
  // A mapped file whose matrices are rearranged is held twice (see `choosePlacement`, which avoids it).
  const copies = placement.useMmap && placement.gpuLayers === 0 ? gguf.repackedBytes : 0;
  if (placement.gpuLayers === 0 || device === null) return { ram: weightBytes + copies + context + scratch + fixed, vram: {} };
  const share = Math.min(1, placement.gpuLayers / ((gguf.layers ?? 0) + 1));
  const onGpu = share * (weightBytes + context) + scratch;
  const ram = (1 - share) * (weightBytes + context) + fixed;
  return device.unified ? { ram: ram + onGpu, vram: {} } : { ram: Math.ceil(ram), vram: { [device.id]: Math.ceil(onGpu) } };
}

/**
 * Decides where a model goes. As many layers on the GPU as its free memory holds.
 * On the CPU the file is mapped, which loads in a tenth of the time (400 MB: 0.06 s against 1.1 s, from the page cache)
 * and survives as page cache. The exception is types that ggml rearranges for the CPU (Q4_0, Q4_K and others):
 * mapped, they are held twice (332 MiB of Q4_K: 381 file-backed + 380 anonymous against 49 + 379 when read) and load no faster.
 */
export function choosePlacement(gguf: GgufInfo, weightBytes: number, contextLength: number, device: VramDevice | null): Placement {
  if (device !== null && gguf.layers !== null) {
    const perLayer = (weightBytes + contextBytes(gguf, contextLength)) / (gguf.layers + 1);
    const room = device.free - scratchBytes(gguf, contextLength);
    const gpuLayers = device.unified ? gguf.layers + 1 : Math.max(0, Math.min(gguf.layers + 1, Math.floor(room / perLayer)));
    if (gpuLayers > 0) return { gpuLayers, useMmap: true };
  }
  return { gpuLayers: 0, useMmap: gguf.repackedBytes < gguf.tensorBytes / 4 };
}

function headLengthOf(gguf: GgufInfo): number {
  const heads = Array.isArray(gguf.heads) ? Math.max(...gguf.heads) : gguf.heads;
  return gguf.embeddingLength !== null && heads ? gguf.embeddingLength / heads : 0;
}
