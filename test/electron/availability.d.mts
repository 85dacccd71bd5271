export type ElectronHere = { executable: string; why: null } | { executable: null; why: string };
export function electronHere(env?: NodeJS.ProcessEnv, packageDir?: string, platform?: NodeJS.Platform): ElectronHere;
