# The metafor half of bench_pooling.py: Rscript bench_pooling.R FOLDER TASK...
# Reads FOLDER/TASK.csv (one data set for each value of its column "set"), fits every set, and writes FOLDER/TASK.out
# (estimate, se, tau2 for every set; NA where a fit failed) and the processor's seconds, reading left out, to
# FOLDER/TASK.seconds.

suppressPackageStartupMessages(library(metafor))

reml <- function(d) rma.uni(yi, vi, data = d, method = "REML")
whole <- function(f) c(f$beta[1], f$se, f$tau2)

kinds <- list(
  reml = function(d) whole(reml(d)),
  mh = function(d) {
    f <- rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, measure = "OR")
    c(f$beta[1], f$se, NA)
  },
  leave1out = function(d) {
    f <- leave1out(reml(d))
    cbind(f$estimate, f$se, f$tau2)
  }
)

arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
for (task in arguments[-1]) {
  sets <- read.csv(file.path(folder, paste0(task, ".csv")))
  sets <- split(sets, sets$set)
  fit <- kinds[[sub("_.*", "", task)]]
  safely <- function(d) tryCatch(suppressWarnings(fit(d)), error = function(e) c(NA, NA, NA))
  if (length(sets) > 1) safely(sets[[1]])
  runs <- if (length(sets) > 1) 3 else 1
  seconds <- numeric(runs)
  for (run in seq_len(runs)) {
    gc()
    started <- proc.time()
    found <- lapply(sets, safely)
    seconds[run] <- sum((proc.time() - started)[c("user.self", "sys.self")])
  }
  write.table(format(do.call(rbind, found), digits = 16), file.path(folder, paste0(task, ".out")),
              quote = FALSE, row.names = FALSE, col.names = FALSE)
  writeLines(format(median(seconds), digits = 6), file.path(folder, paste0(task, ".seconds")))
}
writeLines(c(R.version.string, as.character(packageVersion("metafor"))), file.path(folder, "versions.txt"))
