"""Inter Bold, under the SIL Open Font License beside it. Held as a package so that it is installed with the code."""
