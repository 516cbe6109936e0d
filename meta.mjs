import {build} from 'esbuild';import {bundleOptions} from './src/packaging/bundles.js';import {statSync} from 'node:fs';
for(const [n,o] of Object.entries({ws:{minifyWhitespace:true},wsyn:{minifyWhitespace:true,minifySyntax:true},full:{minify:true}})){
const opt=bundleOptions({'server.js':'main.ts','sqlite/identity/worker.js':'sqlite/identity/worker.ts','sqlite/journal/worker.js':'sqlite/journal/worker.ts','sqlite/pasts/worker.js':'sqlite/pasts/worker.ts','sqlite/pictures/worker.js':'sqlite/pictures/worker.ts'},{root:process.cwd(),directory:process.cwd()+'/dist-'+n});
await build({...opt,...o});console.log(n,statSync('dist-'+n+'/src/server.js').size);}
