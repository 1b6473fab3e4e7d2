/** As much of JSON Schema (draft-07) as the schemas here are made of. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  /** What was expected, as messages say it. */
  readonly description?: string;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

export const draft = 'http://json-schema.org/draft-07/schema#';

/** An object with these properties and no others. */
export const exactly = (
  properties: Readonly<Record<string, JsonSchema>>,
  rest: Partial<JsonSchema> = {},
): JsonSchema => ({ type: 'object', properties, additionalProperties: false, ...rest });

/** JSON Schema's choice: what holds for a value that is as `condition` says, and what for any other. */
export const choose = (condition: JsonSchema, then: JsonSchema, otherwise?: JsonSchema): JsonSchema => ({
  if: condition,
  ...Object.fromEntries([['then', then]]),
  ...(otherwise && { else: otherwise }),
});

/** A reference to a definition of the same schema. */
export const definition = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
