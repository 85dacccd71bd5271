import type { OperationHandlers } from '../../contract/index.ts';
import { createCommon, type OperationDeps } from './operations/common.ts';
import { loadingOperations } from './operations/loading.ts';
import { lookingOperations } from './operations/looking.ts';
import { settingsOperations } from './operations/settings.ts';
import { usesOperations } from './operations/uses.ts';

export type { OperationDeps } from './operations/common.ts';

/** Every operation of the contract, done by the engine and its services. */
export function createOperations(deps: OperationDeps): OperationHandlers {
  const common = createCommon(deps);
  return { ...lookingOperations(common), ...loadingOperations(common), ...settingsOperations(common), ...usesOperations(common) };
}
