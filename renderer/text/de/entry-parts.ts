import type { Activity, ActivityParts, ProviderView } from '../../../contract/index.ts';
import { formatBytes } from '../format.ts';

type Sentence = { words: string; whole: boolean };

const modes: Record<Extract<ActivityParts, { what: 'mode' }>['mode'], { on: string; off: string; over: string }> = {
  freeze: { on: 'Die Modelle sind eingefroren: Nichts wird geladen oder entladen.', off: 'Die Modelle sind nicht mehr eingefroren.', over: 'Die Modelle sind nicht mehr eingefroren: Die gewählte Zeit ist um.' },
  pause: { on: 'Alles im Speicher wird behalten.', off: 'Unbenutzte Modelle werden wieder entladen.', over: 'Unbenutzte Modelle werden wieder entladen: Die gewählte Zeit ist um.' },
  hold: {
    on: 'Speicher wird freigegeben: Eine Stunde lang laden Programme keine Modelle über Airdock.',
    off: 'Programme können wieder Modelle laden.',
    over: 'Programme können wieder Modelle laden: Speicher wurde vor einer Stunde freigegeben.',
  },
};

const statuses: Record<Extract<ActivityParts, { what: 'provider' }>['status'], string> = { up: 'läuft', starting: 'startet', down: 'antwortet nicht', absent: 'läuft nicht' };

/** What the parts of an entry tell; null: it has none, or they are for other words to use. */
export function partsSentence({ kind, name, ram, parts }: Activity): Sentence | null {
  switch (parts?.what) {
    case 'mode':
      return whole(modes[parts.mode][parts.on ? 'on' : parts.over ? 'over' : 'off']);
    case 'pin':
      return name === null ? null : whole(parts.pinned ? `${name} wird im Speicher behalten.` : `${name} wird nicht mehr im Speicher behalten.`);
    case 'download': {
      if (name === null) return null;
      const words = { done: `${name} wurde heruntergeladen.`, stopped: `Das Herunterladen von ${name} wurde unterbrochen.`, failed: `${name} konnte nicht heruntergeladen werden.` };
      return { words: words[parts.state], whole: false };
    }
    case 'deleted':
      return name === null ? null : whole(`${name} wurde gelöscht.`);
    case 'stayed':
      return name === null ? null : whole(`${name} war schon im Speicher: Airdock hatte es geladen, bevor es beendet wurde.`);
    case 'estimate': {
      if (name === null) return null;
      const is = parts.grown ? `ist im Speicher auf ${formatBytes(parts.taken)} gewachsen` : `belegt ${formatBytes(parts.taken)}`;
      return whole(`${name} ${is}; geschätzt waren ${formatBytes(parts.estimated)}. Airdock plant von nun an mit dem, was es wirklich belegt.`);
    }
    case 'provider':
      // What exactly is wrong, the engine says in its own words.
      return { words: `${parts.label} ${statuses[parts.status]}.`, whole: parts.status === 'up' };
    case 'yield':
      // A model that does not let go has the same cause.
      return name === null || kind !== 'unloaded' ? null : { words: `${name}${ram === null ? '' : ` (${formatBytes(ram)})`} wurde entladen: ${needs(parts)}.`, whole: false };
    default:
      return null;
  }
}

/** What showed that other programs need memory. */
function needs({ sign, figure }: Extract<ActivityParts, { what: 'yield' }>): string {
  switch (sign) {
    case 'available':
      return `Andere Programme brauchen Speicher, ${formatBytes(figure)} waren noch frei`;
    case 'stalls':
      return `Andere Programme brauchen Speicher und warteten ${Math.round(figure)} % der Zeit darauf`;
    case 'system':
      return `Andere Programme brauchen Speicher, das System meldete ihn als knapp (${formatBytes(figure)} frei)`;
    case 'vram':
      return `Andere Programme brauchen Grafikspeicher, ${formatBytes(figure)} waren noch frei`;
    case 'over':
      return `Andere Programme brauchen Speicher, es waren ${formatBytes(figure)} mehr belegt, als da ist`;
  }
}

const whole = (words: string): Sentence => ({ words, whole: true });

/** What a source of models advises, by what it is about; the engine's own sentence where that is not known. */
export function sourceAdviceWords({ id, text, parts }: ProviderView['advice'][number]): string {
  if (id !== 'prompt-cache' || parts === undefined) return text;
  return `${parts.name} belegt ${formatBytes(parts.bytes)} mehr, als Ollama angibt, das meiste davon gemerkte Eingaben. Eine Grenze dafür gibt diesen Speicher den Modellen zurück.`;
}
