#!/usr/bin/env node
// Here before anything is built, so that an install can link it.
import '../dist/cli.js';
