import { describe, expect, it } from 'vitest';
import type { Ending } from './model-process.ts';
import { explainCrash, explainFailure } from './words.ts';

const ending: Ending = { code: null, signal: 'SIGKILL', wanted: false, oomKilled: false, errorText: '' };
const failed = (message: string, log: string[] = [], stage: 'engine' | 'model' = 'model') => ({ type: 'failed' as const, stage, message, log });

describe('explainFailure', () => {
  it.each([
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 100.00 MiB on device 0: cudaMalloc failed: out of memory',
    'ggml_aligned_malloc: insufficient memory (attempted to allocate 4395.38 MB)',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'ggml_vulkan: Device memory allocation of size 1 failed. vk::Device::allocateMemory: ErrorOutOfDeviceMemory',
    'A context size of 4096 is too large for the available VRAM: not enough VRAM',
  ])('knows the words for memory that ran out: %s', (line) => {
    expect(explainFailure('m', 1, { ok: false, failed: failed('Failed to load model', [line]), ending })).toMatchObject({ kind: 'oom', problem: { code: 'out-of-memory' } });
    expect(explainFailure('m', 1, { ok: false, failed: null, ending: { ...ending, signal: 'SIGABRT', errorText: line } })).toMatchObject({ kind: 'oom' });
  });

  it('takes a kill by the system for want of memory as that', () => {
    expect(explainFailure('m', 1, { ok: false, failed: null, ending: { ...ending, oomKilled: true } }).kind).toBe('oom');
    expect(explainFailure('m', 1, { ok: false, failed: null, ending }).kind).toBe('failed');
  });

  it('says when llama.cpp itself could not start', () => {
    expect(explainFailure('m', 1, { ok: false, failed: failed('NoBinaryFound.', [], 'engine'), ending })).toMatchObject({
      kind: 'provider-down',
      problem: { code: 'provider-down', message: 'llama.cpp cannot run on this computer: NoBinaryFound.' },
    });
  });

  it('repeats the last words of substance', () => {
    const log = ["llama_model_load: error loading model: missing tensor 'blk.3.ffn_up.weight'", 'llama_model_load_from_file_impl: failed to load model'];
    expect(explainFailure('m', 1, { ok: false, failed: failed('Failed to load model', log), ending }).problem.message).toBe("m could not be loaded: missing tensor 'blk.3.ffn_up.weight'.");
    expect(explainFailure('m', 1, { ok: false, failed: failed('Something odd.\n  at stack'), ending }).problem.message).toBe('m could not be loaded: Something odd.');
  });
});

describe('explainCrash', () => {
  it('names the signal or the exit code, and the want of memory where that was it', () => {
    expect(explainCrash('m', { ...ending, signal: 'SIGSEGV' }).message).toContain('signal SIGSEGV');
    expect(explainCrash('m', { ...ending, signal: null, code: 70 }).message).toContain('exit code 70');
    expect(explainCrash('m', { ...ending, oomKilled: true }).code).toBe('out-of-memory');
    expect(explainCrash('m', { ...ending, signal: 'SIGABRT', errorText: 'std::bad_alloc' }).code).toBe('out-of-memory');
  });
});
