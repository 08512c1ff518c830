// Run the Khronos validator on files; prints one JSON list of its reports.
// node validate_gltf.mjs FOLDER_OF_NODE_MODULES FILE...
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const [modules, ...files] = process.argv.slice(2);
const validator = createRequire(join(resolve(modules), 'package.json'))('gltf-validator');
const reports = [];
for (const file of files) {
  reports.push(await validator.validateBytes(new Uint8Array(readFileSync(file)), {
    uri: basename(file),
    maxIssues: 50,
    externalResourceFunction: async (uri) =>
      new Uint8Array(readFileSync(join(dirname(file), decodeURIComponent(uri)))),
  }));
}
console.log(JSON.stringify(reports));
