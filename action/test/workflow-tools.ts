/** What checks and runs the workflows: needed by tests only, installed and kept as the catalogue's tools are. */
import { goTool, pythonTool } from '../src/tools/catalogue.ts';
import type { Tool } from '../src/tools/tool.ts';

const actionlint: Tool = {
  ...goTool('actionlint', '1.7.12', 'github.com/rhysd/actionlint/cmd/actionlint'),
  takes: 'about 10 s',
  verify: (binary) => [binary, '-version'],
  expect: 'v1.7.12\n',
};

const act: Tool = {
  ...goTool('act', '0.2.89', 'github.com/nektos/act'),
  takes: 'about 45 s',
  verify: (binary) => [binary, '--version'],
  expect: 'act version 0.2.89',
};

const zizmor: Tool = {
  ...pythonTool('zizmor', '1.32.0'),
  binary: 'bin/zizmor',
  verify: (binary) => [binary, '--version'],
  expect: 'zizmor 1.32.0',
};

export const workflowTools: readonly Tool[] = [actionlint, act, zizmor];
