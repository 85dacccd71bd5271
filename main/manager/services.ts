import type { Activity, Config, FolderView, Outcome, Problem, SamplesView } from '../../contract/index.ts';

/** What the manager's operations need beside the engine. Each is made in main/app.ts. */

export interface ActivityLog {
  append(entry: Omit<Activity, 'id'>): Activity;
  query(options: { before?: number | undefined; limit?: number | undefined; model?: string | undefined }): Activity[];
}

export interface ConfigStore {
  readonly path: string;
  current(): { config: Config; problem: Problem | null; warnings: string[] };
  /** Sets keys by path; null removes one. `by`: who wants that, for what goes because of it. */
  set(changes: Record<string, unknown>, by?: string): Promise<Outcome<{ config: Config }>>;
}

export interface FolderService {
  view(): FolderView[];
}

export interface SampleService {
  view(): SamplesView;
  /** Starts making them; resolves when made, failed, or cancelled. */
  make(): Promise<Outcome<{ text: string }>>;
  cancel(): void;
}
