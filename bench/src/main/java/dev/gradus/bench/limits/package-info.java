/** What the machine can do at most, for stating other figures as a share of it. */
package dev.gradus.bench.limits;
