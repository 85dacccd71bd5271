import { expect, it } from 'vitest';
import { pairProjectors } from './projectors.ts';

const model = (file: string) => ({ file, name: file });
const projector = (path: string) => ({ path, bytes: 1 });
const paired = (models: string[], projectors: string[]) => Object.fromEntries([...pairProjectors(models.map(model), projectors.map(projector))].map(([file, found]) => [file, found.path]));

it.each([
  ['the one beside the only model', ['/m/llava-7b-Q4_K_M.gguf'], ['/m/mmproj-model-f16.gguf'], { '/m/llava-7b-Q4_K_M.gguf': '/m/mmproj-model-f16.gguf' }],
  ['none of another folder', ['/m/llava.gguf'], ['/n/mmproj-llava.gguf'], {}],
  [
    'each with the model of its name',
    ['/m/Qwen2-VL-2B-Instruct-Q4_K_M.gguf', '/m/gemma-3-4b-it-Q8_0.gguf', '/m/llama-3.2-3b.gguf'],
    ['/m/mmproj-Qwen2-VL-2B-Instruct-f16.gguf', '/m/mmproj-gemma-3-4b-it-f16.gguf'],
    { '/m/Qwen2-VL-2B-Instruct-Q4_K_M.gguf': '/m/mmproj-Qwen2-VL-2B-Instruct-f16.gguf', '/m/gemma-3-4b-it-Q8_0.gguf': '/m/mmproj-gemma-3-4b-it-f16.gguf' },
  ],
  ['one with all quantisations of its model', ['/m/gemma-3-4b-it-Q4_K_M.gguf', '/m/gemma-3-4b-it-Q8_0.gguf'], ['/m/gemma-3-4b-it-mmproj.gguf'], { '/m/gemma-3-4b-it-Q4_K_M.gguf': '/m/gemma-3-4b-it-mmproj.gguf', '/m/gemma-3-4b-it-Q8_0.gguf': '/m/gemma-3-4b-it-mmproj.gguf' }],
  ['the nearer of two', ['/m/gemma-3-4b-it.gguf', '/m/gemma-3-12b-it.gguf'], ['/m/mmproj-gemma-3-12b-it.gguf', '/m/mmproj-gemma-3-4b-it.gguf'], { '/m/gemma-3-4b-it.gguf': '/m/mmproj-gemma-3-4b-it.gguf', '/m/gemma-3-12b-it.gguf': '/m/mmproj-gemma-3-12b-it.gguf' }],
  ['none by a single word of several', ['/m/llama-3.2-3b-instruct.gguf', '/m/phi.gguf'], ['/m/mmproj-llava-llama-vision-8b.gguf'], {}],
])('pairs %s', (_, models, projectors, expected) => expect(paired(models, projectors)).toEqual(expected));
