import type { OperationHandlers } from '../../contract/index.ts';
import { accessOperations, type AccessPort } from './operations/access.ts';
import { createCommon, type OperationDeps } from './operations/common.ts';
import { loadingOperations } from './operations/loading.ts';
import { lookingOperations } from './operations/looking.ts';
import { settingsOperations } from './operations/settings.ts';
import { usesOperations } from './operations/uses.ts';

export type { OperationDeps } from './operations/common.ts';

/** Every operation of the contract, done by the engine and its services. */
export function createOperations({ access = null, ...deps }: OperationDeps & { access?: AccessPort | null }): OperationHandlers {
  const common = createCommon(deps);
  return { ...accessOperations(access), ...lookingOperations(common), ...loadingOperations(common), ...settingsOperations(common), ...usesOperations(common) };
}
