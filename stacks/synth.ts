/**
 * A plan (JSON) on stdin, the templates (JSON, text by stack name) on stdout. A process of its own, so that the CDK is
 * neither in the action's bundle nor in the memory of the process that measures.
 */
import { text } from 'node:stream/consumers';
import type { StackPlan } from '../action/src/cloud/aws/plan.ts';
import { templates } from './templates.ts';

const plan = JSON.parse(await text(process.stdin)) as StackPlan;
process.stdout.write(JSON.stringify(templates(plan)));
