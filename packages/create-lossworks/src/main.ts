#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { cancel, intro, isCancel, outro, select, text } from '@clack/prompts';
import { complaintAbout, writeProject } from './project.js';
import { isTemplateName, templates } from './templates.js';

const names = Object.keys(templates).join(', ');
const usage = `Usage: npm create lossworks FOLDER -- [--template NAME]

Templates:
${Object.entries(templates).map(([name, { title }]) => `  ${name.padEnd(20)}${title}`).join('\n')}
`;

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { template: { type: 'string', short: 't' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) process.stdout.write(usage);
  else await create(positionals[0], values.template);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

/** Asks for what was not said where somebody is there to answer; elsewhere the folder is required, and the first template is taken. */
async function create(givenFolder: string | undefined, givenTemplate: string | undefined): Promise<void> {
  const asks = Boolean(process.stdin.isTTY && process.stdout.isTTY) && !(givenFolder && givenTemplate);
  if (givenTemplate !== undefined && !isTemplateName(givenTemplate)) throw new RangeError(`--template: there is no '${givenTemplate}'; there are ${names}`);
  if (asks) intro('lossworks');
  const folder = givenFolder ?? (asks ? await answer(text({ message: 'Folder of the project?', initialValue: 'my-training', validate: (value) => complaintAbout(value || '.') })) : undefined);
  if (folder === undefined) throw new RangeError(`say where: npm create lossworks FOLDER\n\n${usage}`);
  const options = Object.entries(templates).map(([value, { title }]) => ({ value, label: title, hint: value }));
  const template = givenTemplate ?? (asks ? await answer(select({ message: 'What to begin with?', options })) : Object.keys(templates)[0]!);
  if (!isTemplateName(template)) throw new RangeError(`there is no template '${template}'`);
  writeProject(folder, template);
  const next = `${template} in ${folder}. Train it:\n\n  cd ${folder}\n  npm install\n  npm start\n`;
  if (asks) outro(next);
  else process.stdout.write(next);
}

async function answer(question: Promise<unknown>): Promise<string> {
  const given = await question;
  if (!isCancel(given)) return String(given);
  cancel('Nothing was written.');
  process.exit(0);
}
