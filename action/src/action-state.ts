/** What the main step leaves for the post step, should it be killed before its end. */
import { getState, saveState } from '@actions/core';

export interface ActionState {
  /** The check run that is going on. */
  readonly checkId: number | null;
  /** Where a run's stacks are; null for a run that makes none. */
  readonly region: string | null;
}

/** @param state null when the main step has ended, whatever way, by itself */
export function keepState(state: ActionState | null): void {
  saveState('running', state === null ? '' : JSON.stringify(state));
}

/** Null when there is nothing to do. */
export function keptState(): ActionState | null {
  const kept = getState('running');
  return kept === '' ? null : (JSON.parse(kept) as ActionState);
}
