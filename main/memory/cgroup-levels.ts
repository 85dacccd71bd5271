/** One cgroup folder that may limit this process. */
export interface CgroupLevel {
  folder: string;
  version: 1 | 2;
}

interface Mount {
  root: string;
  point: string;
  version: 1 | 2;
}

/**
 * The cgroup folders above this process that could carry a memory limit, innermost first, from /proc/self/cgroup and
 * /proc/self/mountinfo (cgroups(7), proc_pid_mountinfo(5)). In a hybrid system both versions are named; the one without the
 * memory controller has no limit files. Inside a container the path of /proc/self/cgroup may name folders that are not
 * mounted there: then only the mount point is left, which is the container's own cgroup.
 */
export function cgroupLevels(selfCgroup: string, mountinfo: string): CgroupLevel[] {
  const mounts = parseMounts(mountinfo);
  return parseMemberships(selfCgroup).flatMap(({ path, version }) => {
    const candidates = mounts.filter((mount) => mount.version === version);
    const mount = candidates.find((candidate) => below(candidate.root, path) !== null) ?? candidates[0] ?? conventional(version);
    const names = (below(mount.root, path) ?? '').split('/').filter((name) => name !== '');
    const levels: CgroupLevel[] = [];
    for (let depth = names.length; depth >= 0; depth--) levels.push({ folder: [mount.point, ...names.slice(0, depth)].join('/'), version });
    return levels;
  });
}

function parseMemberships(text: string): { path: string; version: 1 | 2 }[] {
  const found: { path: string; version: 1 | 2 }[] = [];
  for (const line of text.split('\n')) {
    const [, hierarchy, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (hierarchy === '0' && controllers === '') found.push({ path, version: 2 });
    else if (controllers.split(',').includes('memory')) found.push({ path, version: 1 });
  }
  return found;
}

function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [head = '', tail = ''] = line.split(' - ');
    const [, , , root, point] = head.split(' ');
    const [type, , options = ''] = tail.split(' ');
    if (root === undefined || point === undefined) continue;
    if (type === 'cgroup2') mounts.push({ root: unescape(root), point: unescape(point), version: 2 });
    else if (type === 'cgroup' && options.split(',').includes('memory')) mounts.push({ root: unescape(root), point: unescape(point), version: 1 });
  }
  return mounts;
}

function conventional(version: 1 | 2): Mount {
  return { root: '/', point: version === 2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory', version };
}

/** The path below a mount's root, or null where it lies outside (a `..` says that the process sits above its cgroup namespace). */
function below(root: string, path: string): string | null {
  if (path.split('/').includes('..')) return null;
  if (root === '/') return path;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

/** mountinfo writes blanks, tabs, line ends and backslashes as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
