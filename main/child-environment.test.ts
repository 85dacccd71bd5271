import { describe, expect, it } from 'vitest';
import { childEnvironment } from './child-environment.ts';

describe('childEnvironment', () => {
  it('keeps keys and tokens away from native code', () => {
    const env = { PATH: '/bin', HOME: '/home/me', CUDA_VISIBLE_DEVICES: '0', LC_ALL: 'C', OPENAI_API_KEY: 'x', NODE_OPTIONS: '--inspect', ELECTRON_RUN_AS_NODE: '1', LD_PRELOAD: 'x.so', MY_PATH: 'x' };
    expect(Object.keys(childEnvironment(env))).toEqual(['PATH', 'HOME', 'CUDA_VISIBLE_DEVICES', 'LC_ALL']);
  });
});
