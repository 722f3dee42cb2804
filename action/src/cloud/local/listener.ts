import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State column of /proc/net/tcp. */
const listening = '0A';

/**
 * Whether it is this process that listens on the port, and not another that took it first; null where the system
 * does not tell.
 */
export function listensOn(pid: number, port: number): boolean | null {
  if (process.platform !== 'linux') return null;
  try {
    const inodes = listenersOn(pid, port);
    return readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(target(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false; // it has ended
  }
}

/** The sockets that listen on the port, as /proc/PID/fd names them. */
function listenersOn(pid: number, port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1);
  const columns = rows.map((row) => row.trim().split(/\s+/));
  const found = columns.filter(([, local, , state]) => local?.endsWith(suffix) && state === listening);
  return new Set(found.map((row) => `socket:[${row[9]}]`));
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return ''; // closed meanwhile
  }
}
