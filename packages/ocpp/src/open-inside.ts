interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: boolean;
}

/**
 * The same schema with the objects inside the payload open: what it says nothing about is ignored there, as a vendor's own. The payload itself stays
 * closed. The schemas that OCPP 1.6 came with were like that, and a MeterValues refused for a field too many is sent again for ever.
 */
export function openInside(schema: object): object {
  return { ...schema, ...openChildren(schema) };
}

function openChildren({ properties, items }: Schema): Schema {
  return {
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, open(child)])) }),
    ...(items && { items: open(items) }),
  };
}

function open(schema: Schema): Schema {
  const { additionalProperties: _closed, ...rest } = schema;
  return { ...rest, ...openChildren(schema) };
}
