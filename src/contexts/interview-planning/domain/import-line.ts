import { DomainError } from '#kernel/errors';
import { mostStages } from './limits.js';

/** One line of an import, with the fields of this context. `fields` are those of hiring. */
export type ImportLine =
  | { type: 'job'; externalId: string; stages: string[] | null; fields: Record<string, unknown> }
  | { type: 'candidate'; externalId: string; fields: Record<string, unknown> }
  | { type: 'application'; externalId: string; stage: string | null; fields: Record<string, unknown> };

const longestName = 255;

function refuse(field: string, sentence: string): never {
  throw new DomainError('invalid', 'invalid_request', `Please check: ${field}.`, { json: { [field]: [sentence] } });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function text(value: unknown, field: string): string {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  if (trimmed === '' || trimmed.length > longestName || trimmed.includes('\0') || !trimmed.isWellFormed()) {
    refuse(field, `must be a text of 1 to ${longestName} characters`);
  }
  return trimmed;
}

function stageNames(stages: unknown): string[] | null {
  if (stages === undefined || stages === null) return null;
  if (!Array.isArray(stages)) return refuse('stages', 'must be a list of stages, such as [{"name":"Interview"}]');
  if (stages.length > mostStages) return refuse('stages', `must be at most ${mostStages} stages`);
  const names = stages.map((stage: unknown, index) => {
    const field = `stages.${index}`;
    if (!isObject(stage)) return refuse(field, 'must be an object with a name');
    const unknown = Object.keys(stage).find((key) => key !== 'name');
    if (unknown !== undefined) return refuse(`${field}.${unknown}`, `property ${unknown} should not exist`);
    return text(stage.name, `${field}.name`);
  });
  if (new Set(names).size < names.length)
    refuse('stages', 'must have names that differ: applications name their stage');
  return names;
}

/** Reads one parsed line. Throws `DomainError` of kind `invalid`, naming what is wrong. */
export function readImportLine(line: unknown): ImportLine {
  if (!isObject(line)) return refuse('line', 'must be a JSON object');
  const { type, external_id, ...fields } = line;
  const externalId = () => text(external_id, 'external_id');
  if (type === 'candidate') return { type, externalId: externalId(), fields };
  if (type === 'job') {
    const { stages, ...others } = fields;
    return { type, externalId: externalId(), stages: stageNames(stages), fields: others };
  }
  if (type === 'application') {
    const { stage, ...others } = fields;
    const named = stage === undefined || stage === null ? null : text(stage, 'stage');
    return { type, externalId: externalId(), stage: named, fields: others };
  }
  return refuse('type', 'must be one of job, candidate, application');
}
