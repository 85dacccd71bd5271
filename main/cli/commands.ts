import { airdockCommands, serve } from './airdock-commands.ts';
import type { Command } from './command.ts';
import { modelCommands } from './model-commands.ts';

/** Every command, in the order of the help. Help, completion and the reading of what was typed are made from this table. */
export const commands: readonly Command[] = [serve, ...modelCommands, ...airdockCommands];
