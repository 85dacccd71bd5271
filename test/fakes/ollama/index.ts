export { startFakeOllama } from './server.ts';
export type {
  FakeModel,
  FakeOllama,
  FakeOllamaOptions,
  FakeVersion,
  FaultKind,
  FaultSpec,
  Hold,
  LoadFault,
  LoggedRequest,
  OtherLoadOptions,
  RunnerView,
  StartedLoad,
} from './types.ts';
