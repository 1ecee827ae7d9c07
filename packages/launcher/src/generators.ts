/** A file that is written from the code and never by hand. */
export interface Generator {
  /** The file, from the root of the checkout. */
  output: string;
  /** The built module that knows its content, from the root of the checkout. */
  module: string;
  /** The name of the function in it that returns the whole file as text. */
  function: string;
}

/** Everything that `npm run gen` writes and `npm test` expects to be fresh. */
export const generators: Generator[] = [
  { output: 'docs/messages.md', module: 'packages/ocpp/dist/index.js', function: 'messagesPage' },
  { output: 'docs/configuration.md', module: 'packages/launcher/dist/configuration-page.js', function: 'configurationPage' },
];
