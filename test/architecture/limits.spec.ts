import 'reflect-metadata';
import { getMetadataStorage, type ValidationTypes } from 'class-validator';
import '../../src/app.module.js';
import { idRule } from '../../src/platform/http/ids.js';

interface Rule {
  type: ValidationTypes | string;
  name?: string;
  propertyName: string;
  each: boolean;
}

interface Storage {
  validationMetadatas: Map<new () => object, Rule[]>;
}

/** Rules that limit a text: a length, a list of short words, or a short format. */
const boundsText = ['maxLength', 'isLength', 'isIn', 'isIso8601', 'isDeliverable', idRule];
const makesText = ['isString', 'isEmail', 'isDeliverable', 'matches'];

/** Every class that validates a body, a query or a line of an import. */
const classes = [...(getMetadataStorage() as unknown as Storage).validationMetadatas].map(([type, rules]) => {
  const fields = Map.groupBy(rules, ({ propertyName }) => propertyName);
  return {
    name: type.name,
    fields: [...fields].map(([field, of]) => ({ field, names: of.map((rule) => rule.name ?? rule.type) })),
  };
});

const lacking = (needs: string[], bounds: string[]): string[] =>
  classes.flatMap(({ name, fields }) =>
    fields
      .filter(
        ({ names }) => needs.some((need) => names.includes(need)) && !bounds.some((bound) => names.includes(bound)),
      )
      .map(({ field }) => `${name}.${field}`),
  );

describe('Every input has a size limit', () => {
  it('finds the validated classes and fields', () => {
    expect(classes.length).toBeGreaterThan(15);
    expect(classes.flatMap(({ fields }) => fields).length).toBeGreaterThan(50);
  });

  it('limits every list', () => {
    expect(lacking(['isArray'], ['arrayMaxSize'])).toEqual([]);
  });

  it('limits every text, also in lists', () => {
    expect(lacking(makesText, boundsText)).toEqual([]);
  });
});
