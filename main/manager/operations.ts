import type { OperationHandlers } from '../../contract/index.ts';
import { accessOperations, type AccessPort } from './operations/access.ts';
import { createCommon, type OperationDeps } from './operations/common.ts';
import { libraryOperations, type LibraryPort } from './operations/library.ts';
import { loadingOperations } from './operations/loading.ts';
import { lookingOperations } from './operations/looking.ts';
import { recommendingOperations } from './operations/recommending.ts';
import { settingsOperations } from './operations/settings.ts';
import { usesOperations } from './operations/uses.ts';

export type { OperationDeps } from './operations/common.ts';

/** Every operation of the contract, done by the engine and its services. */
export function createOperations({ access = null, library = null, ...deps }: OperationDeps & { access?: AccessPort | null; library?: LibraryPort | null }): OperationHandlers {
  const common = createCommon(deps);
  const uses = usesOperations(common);
  return { ...accessOperations(access), ...lookingOperations(common), ...loadingOperations(common), ...settingsOperations(common), ...recommendingOperations(common, uses), ...uses, ...libraryOperations(common, library) };
}
