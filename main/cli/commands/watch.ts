import { AirdockError, problem, type Activity, type LiveState, type ServerEvent } from '../../../contract/index.ts';
import { followEvents } from '../../client/follow-events.ts';
import { findHolder } from '../../data/lock.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { clock, frame, summary, summaryKey } from '../watch/frame.ts';

/** Countdowns go on between two events. */
const REDRAW_MS = 1_000;
/** After so long without an event it is looked whether Airdock still runs. */
const SILENT_MS = 3_000;
const KEPT_ACTIVITY = 100;

const screen = { enter: '\x1b[?1049h\x1b[?25l', home: '\x1b[H', clearLine: '\x1b[K', clearRest: '\x1b[J', leave: '\x1b[?25h\x1b[?1049l' } as const;

/** What shows the events. */
interface View {
  event(event: ServerEvent): void;
  /** Time went by. */
  tick(): void;
  end(): void;
}

export async function run(context: Context): Promise<Exit> {
  const connection = await context.connection();
  // A wrong key or a dead address is told now; the stream itself only tries again and again.
  await (await context.airdock()).call('configGet', {});
  const view = context.json ? jsonView(context) : context.terminal.drawable ? screenView(context) : lineView(context);
  const signal = context.signal();
  let heard = Date.now();
  return new Promise<Exit>((resolve, reject) => {
    const finish = (how: () => void): void => {
      clearInterval(timer);
      stop();
      view.end();
      how();
    };
    const stop = followEvents(connection, (event) => {
      heard = Date.now();
      view.event(event);
    });
    const timer = setInterval(() => {
      view.tick();
      if (Date.now() - heard < SILENT_MS) return;
      heard = Date.now();
      void findHolder(context.dataDir).then((holder) => {
        if (holder?.url !== connection.url) finish(() => reject(new AirdockError(problem('not-running', 'Airdock has ended.'))));
      });
    }, REDRAW_MS);
    signal.addEventListener('abort', () => finish(() => resolve(exits.done)), { once: true });
  });
}

function jsonView({ terminal }: Context): View {
  return { event: (event) => terminal.print(JSON.stringify(event)), tick: () => undefined, end: () => undefined };
}

/** A line for each change: what a file or another program can use. */
function lineView({ terminal }: Context): View {
  let key = '';
  let last: number | null = null;
  const tell = (state: LiveState): void => {
    const next = summaryKey(state);
    if (next === key) return;
    key = next;
    terminal.print(`${clock(state.at)}  ${summary(state)}`);
  };
  const entries = (list: readonly Activity[]): void => {
    for (const entry of [...list].sort((a, b) => a.id - b.id)) {
      if (last !== null && entry.id <= last) continue;
      last = entry.id;
      terminal.print(`${clock(entry.at)}  ${entry.text}`);
    }
  };
  return {
    event(event) {
      if (event.type === 'snapshot') {
        // What was before is not news; what a lost connection missed is.
        if (last === null) last = Math.max(0, ...event.snapshot.activity.map(({ id }) => id));
        else entries(event.snapshot.activity);
        tell(event.snapshot.state);
      } else if (event.type === 'state') tell(event.state);
      else if (event.type === 'activity') entries(event.entries);
    },
    tick: () => undefined,
    end: () => undefined,
  };
}

/** A picture that is drawn anew in place, on a screen of its own: what was on the terminal before is there again afterwards. */
function screenView({ terminal }: Context): View {
  let state: LiveState | null = null;
  let activity: Activity[] = [];
  const lines = (): string[] => (state === null ? [] : frame(state, activity, { ...terminal.size(), colour: terminal.colour, blocks: terminal.blocks, now: Date.now() }));
  const draw = (): void => {
    if (state !== null) terminal.draw(screen.home + lines().map((line) => line + screen.clearLine).join('\n') + screen.clearRest);
  };
  const leave = (): void => terminal.draw(screen.leave);
  terminal.draw(screen.enter);
  // Also where something else ends the process.
  process.once('exit', leave);
  const offResize = terminal.onResize(draw);
  return {
    event(event) {
      if (event.type === 'snapshot') ({ state, activity } = event.snapshot);
      else if (event.type === 'state') state = event.state;
      else if (event.type === 'activity') activity = [...activity, ...event.entries].slice(-KEPT_ACTIVITY);
      draw();
    },
    tick: draw,
    end() {
      offResize();
      process.off('exit', leave);
      leave();
      if (state !== null) terminal.print(lines().join('\n'));
    },
  };
}
