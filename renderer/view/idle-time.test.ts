import { describe, expect, it } from 'vitest';
import { idleTimeEdit, ownIdleTime } from './idle-time.ts';

const model = { id: 'ollama/llama3.2:latest', name: 'llama3.2', aliases: ['my-assistant'] };

describe('a time of a model’s own', () => {
  it('is written under its id where nothing is set for it', () => {
    expect(ownIdleTime({}, model)).toBeUndefined();
    expect(idleTimeEdit({}, model, 60)).toEqual({ 'models.overrides.ollama/llama3.2:latest.idle_timeout_seconds': 60 });
    expect(idleTimeEdit({}, model, null)).toEqual({ 'models.overrides.ollama/llama3.2:latest': { idle_timeout_seconds: null } });
  });

  it.each(['ollama/llama3.2:latest', 'llama3.2:latest', 'llama3.2', 'my-assistant'])('goes where the file has settings for it already: %s', (name) => {
    const overrides = { other: { enabled: false }, [name]: { context_length: 8192, idle_timeout_seconds: 5 } };
    expect(ownIdleTime(overrides, model)).toBe(5);
    expect(idleTimeEdit(overrides, model, 60)).toEqual({ [`models.overrides.${name}.idle_timeout_seconds`]: 60 });
    expect(idleTimeEdit(overrides, model, null)).toEqual({ [`models.overrides.${name}`]: { context_length: 8192, idle_timeout_seconds: null } });
    expect(idleTimeEdit(overrides, model, undefined)).toEqual({ [`models.overrides.${name}.idle_timeout_seconds`]: null });
  });

  it('is changed where it stands, not where the model has other settings', () => {
    const overrides = { 'llama3.2:latest': { context_length: 8192 }, 'llama3.2': { idle_timeout_seconds: null } };
    expect(ownIdleTime(overrides, model)).toBeNull();
    expect(ownIdleTime({ 'llama3.2': { idle_timeout_seconds: 'auto' } }, model)).toBe('auto');
    expect(idleTimeEdit({}, model, 'auto')).toEqual({ 'models.overrides.ollama/llama3.2:latest.idle_timeout_seconds': 'auto' });
    expect(idleTimeEdit(overrides, model, undefined)).toEqual({ 'models.overrides.llama3.2': null });
  });
});
