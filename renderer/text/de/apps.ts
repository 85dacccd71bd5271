import type { apps as english } from '../en/apps.ts';
import { formatDuration, formatList } from '../format.ts';
import { count, dative } from './words.ts';

const requests = (value: number) => (value === 1 ? '1 Anfrage' : `${count(value)} Anfragen`);
const models = (names: readonly string[]) => (names.length > 2 ? `${names.length} Modelle` : formatList(names));
const verb = (names: readonly string[], one: string, several: string) => `${models(names)} ${names.length === 1 ? one : several}`;

/** What the engine calls those who do not say who they are, as the subject and as the one who is answered. */
const nameless: Readonly<Record<string, readonly [string, string]>> = { 'a program': ['ein Programm', 'einem Programm'], 'a web page': ['eine Webseite', 'einer Webseite'] };
const subjects = (clients: readonly string[]) => {
  const list = formatList(clients.map((client) => nameless[client]?.[0] ?? client));
  return clients[0] !== undefined && clients[0] in nameless ? `${list.charAt(0).toUpperCase()}${list.slice(1)}` : list;
};
const datives = (clients: readonly string[]) => formatList(clients.map((client) => nameless[client]?.[1] ?? client));

export const apps: typeof english = {
  requests: {
    title: 'Wartend',
    count: requests,
    answering: (clients, ms) =>
      clients.length > 2 ? `Antwortet ${clients.length} Programmen` : `Antwortet ${datives(clients)}${ms === null || clients.length > 1 ? '' : ` seit ${dative(ms)}`}`,
    waits: (clients, ms) =>
      clients.length > 2
        ? `${clients.length} Programme warten, bis zu ${formatDuration(ms)}`
        : `${subjects(clients)} ${clients.length === 1 ? `wartet seit ${dative(ms)}` : `warten, bis zu ${formatDuration(ms)}`}`,
    why: {
      turn: () => 'Es antwortet erst anderen',
      loading: () => 'Wird gerade geladen',
      'making-room': () => 'Andere machen dafür Platz',
      'loading-other': (names) => verb(names, 'wird vorher geladen', 'werden vorher geladen'),
      leaving: (names) => verb(names, 'verlässt den Speicher', 'verlassen den Speicher'),
      stuck: (names) => verb(names, 'gibt den Speicher nicht frei', 'geben den Speicher nicht frei'),
      'in-use': (names) => verb(names, 'ist in Gebrauch', 'sind in Gebrauch'),
    },
    moreModels: (value) => (value === 1 ? 'Auf 1 weiteres Modell wird gewartet.' : `Auf ${count(value)} weitere Modelle wird gewartet.`),
    more: (value) => (value === 1 ? '1 weitere Anfrage wird beantwortet oder wartet.' : `${count(value)} weitere Anfragen werden beantwortet oder warten.`),
  },
  apps: {
    open: 'Aus Programmen nutzen',
    openShort: 'Aus Programmen nutzen',
    setUp: 'So werden Programme eingerichtet',
    title: 'Airdock aus Programmen nutzen',
    intro: 'Ein Chatfenster, ein Editor oder ein Skript bekommt diese Adresse anstelle der von Ollama oder OpenAI. Das Modell, nach dem es fragt, wird dann geladen, wenn es gebraucht wird.',
    ollama: 'Programme, die Ollama kennen',
    openai: 'Programme, die OpenAI kennen',
    key: 'Auf diesem Computer ist kein Schlüssel nötig. Besteht ein Programm auf einem, geht jeder Text.',
    keyElsewhere: 'In Containern und auf anderen Geräten brauchen Programme den Schlüssel für Programme, und ein Schalter muss an sein:',
    keyHere: 'Auf diesem Gerät brauchen Programme den Schlüssel für Programme:',
    settings: 'Einstellungen',
    off: 'Programme bekommen keine Antwort: Das ist ausgeschaltet.',
    where: 'Wohin damit',
    openWebUi: 'Administrationsbereich, Verbindungen',
    works: 'Es klappt, wenn auf der Seite „Speicher“ beim Modell „Antwortet …“ steht, während das Programm seine Antwort bekommt.',
    more: 'Schritt für Schritt, auch für Docker:',
    close: 'Schließen',
  },
};
