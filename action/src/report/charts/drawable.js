import { known } from '../units.ts';
/** Can it be placed on a logarithmic axis? Zero, the unknown and what no clock or meter gives cannot. */
export function drawable(value) {
  return known(value) && value >= 1e-9 && value <= 1e12;
}
/** The length of a bar: a clock's noise can make a small part negative, a bar cannot be. */
export function barLength(value) {
  return drawable(value) ? value : known(value) && value > 1 ? 1e12 : 0;
}
