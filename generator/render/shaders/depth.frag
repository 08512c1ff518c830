#version 410 core
// Leaves its depth and nothing else.

void main() {}
