import { describe, expect, it } from 'vitest';
import { createStopGate } from './stop-gate.ts';

function run(stops: string[], pieces: string[]): { shown: string[]; stopped: boolean } {
  const gate = createStopGate(stops);
  const shown = pieces.map((piece) => gate.push(piece));
  if (!gate.stopped) shown.push(gate.flush());
  return { shown, stopped: gate.stopped };
}

describe('createStopGate', () => {
  it('lets everything through where there is nothing to stop at', () => {
    expect(run([], ['a', 'b'])).toEqual({ shown: ['a', 'b', ''], stopped: false });
    expect(run([''], ['a'])).toEqual({ shown: ['a', ''], stopped: false });
  });

  it('finds a sequence across pieces and never shows a part of it', () => {
    expect(run(['</end>'], ['text<', '/e', 'nd>more', 'x'])).toEqual({ shown: ['text', '', '', ''], stopped: true });
  });

  it('gives back what only looked like the beginning of one', () => {
    expect(run(['aab'], ['xa', 'a', 'a', 'c'])).toEqual({ shown: ['x', '', 'a', 'aac', ''], stopped: false });
    expect(run(['aab'], ['xa', 'a', 'a', 'b'])).toEqual({ shown: ['x', '', 'a', ''], stopped: true });
    expect(run(['abc'], ['ab'])).toEqual({ shown: ['', 'ab'], stopped: false });
  });

  it('stops at the one that comes first', () => {
    expect(run(['cd', 'b'], ['abcd'])).toEqual({ shown: ['a'], stopped: true });
    expect(run(['long stop', 'op'], ['a long st', 'op'])).toEqual({ shown: ['a ', ''], stopped: true });
  });

  it('says the same however the text is cut into pieces', () => {
    const text = 'one \u{1f600} two STOP three';
    for (const stops of [['STOP'], ['wo S', 'T'], ['\u{1f600}'], ['none of it']]) {
      const whole = run(stops, [text]).shown.join('');
      for (let at = 1; at < text.length; at++) expect(run(stops, [text.slice(0, at), text.slice(at)]).shown.join('')).toBe(whole);
    }
  });
});
