import { statfsSync } from 'node:fs';

/** statfs(2) types of file systems that only one running kernel can have mounted for writing. */
const oneMachineOnly: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xca451a4e, // bcachefs
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0x3153464a, // JFS
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
  0xf15f, // eCryptfs
  0x4d44, // FAT
  0x2011bab0, // exFAT
  0x7366746e, // NTFS3
]);

/** Linux: false for network and unknown file systems, which another computer may be using at the same time. */
export function isOneMachineOnly(dir: string): boolean {
  try {
    return oneMachineOnly.has(statfsSync(dir).type);
  } catch {
    return false;
  }
}
