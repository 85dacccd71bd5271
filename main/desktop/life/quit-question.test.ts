import { describe, expect, it } from 'vitest';
import type { Leaving } from '../../airdock.ts';
import { desktopText } from '../text/text.ts';
import { quitQuestions } from './quit-question.ts';

const GB = 1024 ** 3;
const nothing: Leaving = { inUse: [], ends: [], stays: [], programs: [] };
const llama = { id: 'a', name: 'llama3.2', ram: 4.5 * GB, goes: true };
const others = { id: 'c', name: 'codellama', ram: 7 * GB, until: 1, goes: false };
const ask = (change: Partial<Leaving>, onQuit: 'ask' | 'leave' | 'unload' = 'ask', language: 'en' | 'de' = 'en') =>
  quitQuestions({ leaving: { ...nothing, ...change }, onQuit, text: desktopText(language), clock: () => '14:02' });

describe('quitQuestions', () => {
  it('asks nothing where nothing is at stake', () => {
    expect(ask({})).toEqual([]);
    // Models of Airdock's own end with it, and are loaded again in seconds.
    expect(ask({ ends: [llama] })).toEqual([]);
  });

  it('names what stays in memory and how long, and offers to make the choice for good', () => {
    const [question, ...more] = ask({ stays: [{ ...llama, until: 1 }], programs: ['Open WebUI'] });
    expect(more).toEqual([]);
    expect(question?.options.detail).toBe('llama3.2 (4.5 GB) would stay in memory.\nllama3.2: until 14:02\nOpen WebUI can no longer reach models through Airdock.');
    expect(question?.options.buttons).toEqual(['Unload and quit', 'Leave in memory and quit', 'Cancel']);
    expect(question?.options).toMatchObject({ defaultId: 0, cancelId: 2, checkboxLabel: 'Do the same next time' });
    expect(question?.answers).toEqual([{ unload: true }, { unload: false }, 'cancel']);
  });

  it('offers no choice where none of it can be unloaded, but says what stays', () => {
    const [question, ...more] = ask({ stays: [others] });
    expect(more).toEqual([]);
    expect(question?.options.detail).toBe('codellama (7.0 GB) stays in memory either way.\ncodellama: until 14:02');
    expect(question?.options.buttons).toEqual(['Quit', 'Cancel']);
    expect(question?.answers).toEqual([{}, 'cancel']);
    expect(question?.options.checkboxLabel).toBeUndefined();
    expect(ask({ stays: [others] }, 'leave')).toEqual([]);
    expect(ask({ stays: [others] }, 'unload')).toEqual([]);
  });

  it('tells apart what the choice is about and what stays either way', () => {
    const stays = [{ ...llama, until: null }, others];
    const [question] = ask({ stays });
    expect(question?.options.detail).toBe('llama3.2 (4.5 GB) would stay in memory.\ncodellama (7.0 GB) stays in memory either way.\ncodellama: until 14:02');
    expect(question?.options.buttons).toEqual(['Unload and quit', 'Leave in memory and quit', 'Cancel']);
    const inUse = [{ id: 'a', name: 'phi', holders: [] }];
    expect(ask({ inUse, stays })[1]?.options.message).toBe('llama3.2 (4.5 GB) would stay in memory.');
    expect(ask({ inUse, stays: [others] })).toHaveLength(1);
    // Also where everything is to be unloaded: this is not.
    expect(ask({ inUse, stays }, 'unload')[0]?.options.detail).toContain('codellama (7.0 GB) stays');
  });

  it('lets a use in progress finish, says by whom, and what else ends', () => {
    const [question, ...more] = ask({ inUse: [{ id: 'a', name: 'llama3.2', holders: ['notes.py'] }], ends: [llama] });
    expect(more).toEqual([]);
    expect(question?.options.message).toBe('llama3.2 is in use right now.');
    expect(question?.options.detail).toContain('llama3.2: in use by notes.py');
    expect(question?.options.detail).toContain('leaves memory with Airdock');
    expect(question?.answers).toEqual([{ graceMs: 30_000 }, { graceMs: 0 }, 'cancel']);
    expect(question?.options.checkboxLabel).toBeUndefined();
  });

  it('asks about both, one after the other', () => {
    const questions = ask({ inUse: [{ id: 'a', name: 'llama3.2', holders: [] }], stays: [{ ...llama, id: 'b', name: 'phi', until: null }] });
    expect(questions.map((one) => one.options.buttons)).toEqual([
      ['Quit when finished', 'Quit now', 'Cancel'],
      ['Unload and quit', 'Leave in memory and quit', 'Cancel'],
    ]);
    expect(questions[0]?.options.detail).toContain('phi (4.5 GB) would stay in memory.');
  });

  it.each(['leave', 'unload'] as const)('asks about uses alone where the choice was made for good: %s', (onQuit) => {
    expect(ask({ stays: [{ ...llama, until: null }], programs: ['Open WebUI'] }, onQuit)).toEqual([]);
    const [question] = ask({ inUse: [{ id: 'a', name: 'llama3.2', holders: [] }], stays: [{ ...llama, id: 'b', until: null }] }, onQuit);
    expect(question?.options.detail?.includes('would stay')).toBe(onQuit === 'leave');
  });

  it('warns of programs that lose their address, in German too', () => {
    const [question] = ask({ programs: ['Open WebUI', 'notes.py'] }, 'ask', 'de');
    expect(question?.options.detail).toBe('Open WebUI und notes.py erreichen über Airdock keine Modelle mehr.');
    expect(question?.options.buttons).toEqual(['Beenden', 'Abbrechen']);
  });
});
