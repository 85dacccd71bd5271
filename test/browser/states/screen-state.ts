import type { Page } from 'playwright';
import type { Snapshot } from '../../../contract/index.ts';
import type { EngineServer } from '../engine-server.ts';

/** A state of the page: what the engine says, and what a person does to get there. */
export interface ScreenState {
  name: string;
  /** Which page, as the fragment of the address; the memory page where none is named. */
  address?: string;
  /** The language of the browser; English where none is named. */
  locale?: string;
  snapshot: () => Snapshot;
  arrange?: (engine: EngineServer) => void;
  act?: (page: Page, engine: EngineServer) => Promise<void>;
  /** A text that is on the page when the state is reached. */
  shows: string | RegExp;
}

export const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
