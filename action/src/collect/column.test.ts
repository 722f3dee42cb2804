import { expect, it } from 'vitest';
import { Column } from './column.ts';

const numbers = Array.from({ length: 5000 }, (_, row) => row / 8);

function filled(): Column {
  const column = new Column();
  for (const value of numbers) column.push(value);
  return column;
}

it('gives back what it was given, over many blocks', () => {
  const column = filled();
  expect(column.length).toBe(5000);
  expect([...column.toArray()]).toEqual(numbers);
  for (const row of [0, 1023, 1024, 2047, 2048, 4999]) expect(column.at(row)).toBe(row / 8);
});

it('replaces a value where one is, and takes one after the last', () => {
  const column = filled();
  column.set(1024, -1);
  column.set(5000, -2);
  expect(column.length).toBe(5001);
  expect([column.at(1023), column.at(1024), column.at(1025), column.at(5000)]).toEqual([
    1023 / 8,
    -1,
    1025 / 8,
    -2,
  ]);
});

it('is empty at first', () => {
  expect([...new Column().toArray()]).toEqual([]);
});
