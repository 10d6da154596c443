import { getMetadataStorage } from 'class-validator';
import { storableText } from '../kernel/storable-text.js';

type Schema = Record<string, unknown>;
/** class-validator does not export it. */
type ValidationMetadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** What each rule of a body or query allows, in the words of JSON Schema. */
const described: Partial<Record<string, (constraints: unknown[]) => Schema>> = {
  isInt: () => ({ type: 'integer' }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  minLength: ([minLength]) => ({ minLength }),
  maxLength: ([maxLength]) => ({ maxLength }),
  isLength: ([minLength, maxLength]) => ({ minLength, maxLength }),
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  isDeliverable: () => ({ format: 'email', maxLength: 320 }),
  isBoolean: () => ({ type: 'boolean' }),
};

/**
 * Adds the rules of class-validator to what Nest describes of each field, so that the document states the limits that are
 * enforced. Nest keeps its descriptions as metadata of the fields.
 */
export function describeRules(): void {
  // The storage has no public list of its classes.
  const { validationMetadatas } = getMetadataStorage() as unknown as {
    validationMetadatas: Map<{ prototype: object }, ValidationMetadata[]>;
  };
  for (const [{ prototype }, rules] of validationMetadatas) {
    for (const [field, ofField] of Map.groupBy(rules, ({ propertyName }) => propertyName)) {
      const present = Reflect.getMetadata(key, prototype, field) as Schema | undefined;
      if (present) Reflect.defineMetadata(key, { ...schemaOf(ofField), ...present }, prototype, field);
    }
  }
}

const key = 'swagger/apiModelProperties';

function schemaOf(rules: ValidationMetadata[]): Schema {
  const patterns = rules.flatMap(({ name, constraints: [pattern] = [] }) =>
    name === 'matches' && pattern instanceof RegExp ? [pattern] : [],
  );
  // What every text must be like is said once for all; a pattern of lookaheads is beyond many generators.
  const special = patterns.find((pattern) => pattern !== storableText);
  return Object.assign(
    {},
    ...rules.map(({ name, constraints }) => described[name ?? '']?.(constraints ?? []) ?? {}),
    patterns.length > 0 ? { pattern: special?.source ?? noNul } : {},
  ) as Schema;
}

/** A lone surrogate, which is not storable either, is no text in JSON. */
const noNul = '^[^\\u0000]*$';
