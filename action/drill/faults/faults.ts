import type { Fault } from '../fault.ts';
import { aws } from './aws.ts';
import { children } from './children.ts';
import { machine } from './machine.ts';
import { signals } from './signals.ts';

/** All faults of the drill, in the order of its table. */
export const FAULTS: readonly Fault[] = [...children, ...machine, ...signals, ...aws];
