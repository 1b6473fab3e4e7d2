#!/bin/sh
# What came in, and where it runs.
echo "$# in $PWD"
for word; do echo "<$word>"; done
