import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State column of /proc/net/tcp. */
const LISTENING = '0A';

/** Addresses on which a process and all that it started listen, e.g. `127.0.0.1:41234`; of IPv6, in the kernel's hex. Linux. */
export function listening(pid: number): string[] {
  const inodes = new Set(family(pid).flatMap(socketsOf));
  return ['tcp', 'tcp6'].flatMap((table) => {
    const rows = read(`/proc/${pid}/net/${table}`).trim().split('\n').slice(1);
    const columns = rows.map((row) => row.trim().split(/\s+/));
    const ours = columns.filter(([, , , state, ...rest]) => state === LISTENING && inodes.has(rest[5] ?? ''));
    return ours.map(([, address = '']) => readable(address));
  });
}

function family(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(read(`/proc/${name}/stat`).split(') ')[1]?.split(' ')[1])] as const);
  const below = (parent: number): number[] =>
    parents.flatMap(([child, its]) => (its === parent ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}

function socketsOf(pid: number): string[] {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`));
    return links.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
  } catch {
    return []; // it has ended
  }
}

/** IPv4 is one little-endian word. */
function readable(address: string): string {
  const [host = '', port = ''] = address.split(':');
  const bytes = host.length === 8 ? (host.match(/../g) ?? []).reverse() : null;
  const name = bytes === null ? host : bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return `${name}:${Number.parseInt(port, 16)}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
